defmodule Acme.NoUuid.Station do
  use Ash.Resource,
    domain: Acme.NoUuid.Domain,
    extensions: [AshNostrSync]

  attributes do
    attribute :name, :string
  end

  actions do
    defaults [:read]

    create :add do
      change AshNostrSync.PublishChange
    end

    create :private_add do
    end
  end
end
