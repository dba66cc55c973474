defmodule Acme.Covered.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_covered
end
