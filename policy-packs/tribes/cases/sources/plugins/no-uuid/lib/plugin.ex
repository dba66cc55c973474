defmodule Acme.NoUuid.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_uuid
end
