defmodule Acme.SlugVendor.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_slug_vendor
end
