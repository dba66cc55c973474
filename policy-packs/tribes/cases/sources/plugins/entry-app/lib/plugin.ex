defmodule Acme.EntryApp.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_other
end
