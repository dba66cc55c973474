defmodule Acme.NoHostApi.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_host_api
end
