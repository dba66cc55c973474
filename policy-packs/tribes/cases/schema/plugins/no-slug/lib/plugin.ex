defmodule Acme.NoSlug.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_slug
end
