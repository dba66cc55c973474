defmodule Acme.AppDiffers.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_app_differs
end
