defmodule Acme.EntryMissing.Other.Part do
end
