with
    account_names as (
        select connection, native_id, name
        from {{ ref("stg_salesforce__accounts") }}
        union all
        select connection, native_id, name
        from {{ ref("stg_hubspot__companies") }}
    ),

    partner_accounts as (
        select accounts.connection, accounts.party, accounts.native_id, account_names.name
        from {{ source("config", "party_accounts") }} as accounts
        left join account_names using (connection, native_id)
    ),

    partners as (
        select connections.connection, parties.party, parties.name
        from {{ source("config", "parties") }} as parties
        cross join {{ source("config", "connections") }} as connections
        where parties.party != 'us' and connections.party = 'us'
    ),

    aliases as (
        select connection, party, native_id as alias
        from partner_accounts
        union all
        select connection, party, unnest([fold_text(name), name_key(name)])
        from partner_accounts
        union all
        select connection, party, unnest([party, fold_text(name), name_key(name)])
        from partners
    )

select
    aliases.connection,
    aliases.alias,
    arg_min(aliases.party, parties.position) as party,
    min(parties.position) as position
from aliases
inner join {{ source("config", "parties") }} as parties using (party)
where aliases.alias is not null
group by aliases.connection, aliases.alias
