defmodule Acme.HostApiWord.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_host_api_word
end
