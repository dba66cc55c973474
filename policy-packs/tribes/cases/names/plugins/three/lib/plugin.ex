defmodule Acme.Three.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_three
end
