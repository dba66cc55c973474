defmodule Acme.EntryName.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_entry_name
end
