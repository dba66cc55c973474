defmodule Acme.HostProd.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_host_prod
end
