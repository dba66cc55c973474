defmodule Acme.Namespace.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_namespace
end
