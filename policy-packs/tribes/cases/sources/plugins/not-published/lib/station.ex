defmodule Acme.NotPublished.Station do
  use Ash.Resource,
    domain: Acme.NotPublished.Domain,
    extensions: [AshNostrSync]

  attributes do
    uuid_primary_key :id
  end

  actions do
    defaults [:read]

    create :add do
    end

    create :private_add do
    end
  end
end
