defmodule Acme.Ui.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_ui
end
