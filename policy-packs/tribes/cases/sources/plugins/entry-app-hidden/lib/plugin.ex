defmodule Acme.EntryAppHidden.Plugin do
  use Tribes.Plugin.Base, otp_app: @app
end
