with
    ids as (
        select connection, native_id, record_id
        from {{ ref("stg_salesforce__accounts") }}
        where party = 'us'
        union all
        select connection, native_id, record_id
        from {{ ref("stg_salesforce__leads") }}
        where party = 'us' and company is not null and not is_converted
        union all
        select connection, native_id, record_id
        from {{ ref("stg_hubspot__companies") }}
        where party = 'us'
    )

select ids.connection, ids.native_id, ids.record_id
from ids
anti join {{ source("config", "party_accounts") }} as partner_accounts using (connection, native_id)
