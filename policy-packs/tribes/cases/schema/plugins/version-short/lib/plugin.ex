defmodule Acme.VersionShort.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_version_short
end
