defmodule Acme.Projection.StationProjection do
  use Ash.Resource,
    domain: Acme.Projection.Domain,
    extensions: [AshOther]

  attributes do
    uuid_primary_key :id
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
