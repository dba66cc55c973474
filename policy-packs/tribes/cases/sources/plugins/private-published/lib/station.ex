defmodule Acme.PrivatePublished.Station do
  use Ash.Resource,
    domain: Acme.PrivatePublished.Domain,
    extensions: [AshNostrSync]

  attributes do
    uuid_primary_key :id
  end

  actions do
    defaults [:read]

    create :add do
      change AshNostrSync.PublishChange
    end

    create :private_add do
      change AshNostrSync.PublishChange
    end
  end
end
