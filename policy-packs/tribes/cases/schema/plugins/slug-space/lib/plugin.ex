defmodule Acme.SlugSpace.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_slug_space
end
