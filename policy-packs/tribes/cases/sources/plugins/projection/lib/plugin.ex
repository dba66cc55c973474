defmodule Acme.Projection.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_projection
end
