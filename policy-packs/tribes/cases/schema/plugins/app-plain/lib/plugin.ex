defmodule Acme.AppPlain.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_app_plain
end
