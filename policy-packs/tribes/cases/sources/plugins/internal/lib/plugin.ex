defmodule Acme.Internal.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_internal
end
