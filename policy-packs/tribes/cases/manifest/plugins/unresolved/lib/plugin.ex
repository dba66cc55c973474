defmodule Acme.Unresolved.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_unresolved
end
