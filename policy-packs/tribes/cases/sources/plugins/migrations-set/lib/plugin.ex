defmodule Acme.MigrationsSet.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_migrations_set
end
