defmodule Acme.NoId.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_id
end
