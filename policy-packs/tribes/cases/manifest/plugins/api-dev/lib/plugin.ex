defmodule Acme.ApiDev.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_api_dev
end
