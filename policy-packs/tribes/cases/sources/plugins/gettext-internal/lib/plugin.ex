defmodule Acme.GettextInternal.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_gettext_internal
end
