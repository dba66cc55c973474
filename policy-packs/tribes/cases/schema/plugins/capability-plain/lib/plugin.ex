defmodule Acme.CapabilityPlain.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_capability_plain
end
