defmodule Acme.HostTest.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_host_test
end
