defmodule Acme.One.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_one
end
