defmodule Acme.NoApi.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_api
end
