defmodule Acme.MigrationsUnset.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_migrations_unset
end
