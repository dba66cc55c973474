defmodule Acme.LocalOnly.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_local_only
end
