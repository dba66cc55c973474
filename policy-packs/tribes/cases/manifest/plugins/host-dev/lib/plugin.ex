defmodule Acme.HostDev.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_host_dev
end
