defmodule Acme.NoEntryModule.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_no_entry_module
end
