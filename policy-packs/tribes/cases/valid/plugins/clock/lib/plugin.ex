defmodule Acme.Clock.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_clock
end
