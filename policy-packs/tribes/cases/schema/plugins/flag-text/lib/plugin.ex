defmodule Acme.FlagText.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_flag_text
end
