defmodule Acme.NoOtpApp.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_otp_app
end
