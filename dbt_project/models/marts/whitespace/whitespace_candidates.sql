-- A company barred in some product lines is open in the other lines that the partner may sell: also a customer or a
-- deal
-- of ours, where the rule that bars it looks at product lines. Otherwise these are never whitespace.
with
    contracts as (
        select partner, list(value) as product_lines
        from {{ source("config", "territories") }}
        where kind = 'product_line'
        group by partner
    ),

    lines as (
        select parties.party as partner, list(lines.product_line order by lines.position) as product_lines
        from {{ source("config", "parties") }} as parties
        cross join {{ source("config", "product_lines") }} as lines
        left join contracts on contracts.partner = parties.party
        where contracts.partner is null or list_contains(contracts.product_lines, lines.product_line)
        group by parties.party
    ),

    closed as (
        select partner, company_id, list(distinct scope) as scopes, bool_or(is_ours_by_line) as is_ours_by_line
        from
            (
                select partner, company_id, scope, rule in ('our_customer', 'our_open_opportunity') as is_ours_by_line
                from {{ ref("no_approach") }}
                union all
                select partner, company_id, scope, false
                from {{ ref("whitespace_withheld") }}
            )
        group by partner, company_id
    ),

    live_claims as (
        select distinct partner, company_id
        from {{ ref("registrations") }}
        where {{ is_live_claim("status") }} and company_id is not null
    ),

    scoped as (
        select
            pool.*,
            pool.our_status in ('target', 'known', 'absent') or coalesce(closed.is_ours_by_line, false) as is_open,
            case
                when closed.scopes is null
                then ['*']
                when list_contains(closed.scopes, '*')
                then []
                else list_filter(coalesce(lines.product_lines, []), lambda line: not list_contains(closed.scopes, line))
            end as scopes
        from {{ ref("whitespace_pool") }} as pool
        left join lines using (partner)
        left join closed using (partner, company_id)
    )

select
    scoped.partner,
    scoped.company_id,
    scoped.our_status,
    scoped.partner_status,
    scoped.in_territory,
    scoped.reason_keys,
    scoped.scopes,
    parties.exclusive,
    live_claims.partner is not null as has_live_claim
from scoped
inner join {{ source("config", "parties") }} as parties on parties.party = scoped.partner
left join live_claims using (partner, company_id)
anti join
    {{ ref("whitespace_declined") }} as declined
    on declined.partner = scoped.partner
    and declined.company_id = scoped.company_id
where scoped.is_open and len(scoped.scopes) > 0
