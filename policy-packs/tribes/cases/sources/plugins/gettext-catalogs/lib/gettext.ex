defmodule Acme.GettextCatalogs.Gettext do
  use Gettext.Backend, otp_app: :acme_gettext_catalogs
end
