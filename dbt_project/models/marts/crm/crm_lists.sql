-- A company barred in some product lines only is on no list of no-approach: the partner may go there with the others.
-- Both rest on what the partner gave us: its terms must cover our CRM.
with
    for_crm as (select partner from {{ ref("partner_uses") }} where is_for_crm),

    members as (
        select partner, company_id, 'whitespace' as list
        from {{ ref("whitespace") }}
        semi join for_crm using (partner)
        union
        select partner, company_id, 'no_approach'
        from {{ ref("no_approach") }}
        semi join for_crm using (partner)
        where scope = '*'
    )

select map_records.connection, members.partner || ':' || members.list as list_key, map_records.native_id
from {{ ref("map_records") }} as map_records
inner join members using (company_id)
where map_records.party = 'us' and map_records.object = 'companies'
