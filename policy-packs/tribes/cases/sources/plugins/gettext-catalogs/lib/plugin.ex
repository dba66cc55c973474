defmodule Acme.GettextCatalogs.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_gettext_catalogs
end
