defmodule Acme.AppHidden.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_app_hidden
end
