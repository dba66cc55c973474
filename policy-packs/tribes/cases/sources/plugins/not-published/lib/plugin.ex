defmodule Acme.NotPublished.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_not_published
end
