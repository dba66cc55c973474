defmodule Acme.Two.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_two
end
