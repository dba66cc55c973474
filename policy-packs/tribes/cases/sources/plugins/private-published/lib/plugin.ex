defmodule Acme.PrivatePublished.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_private_published
end
