with
    every_part as (
        select
            partners.partner,
            parts.part,
            parts.position,
            parts.max_points,
            counts.partner is not null as is_known,
            counts.share,
            counts.reached,
            counts.full_at,
            'insight.part.' || parts.part as label_key,
            case when counts.partner is null then 'insight.unknown.' else 'insight.counted.' end
            || parts.part as basis_key
        from {{ ref("partner_reach") }} as partners
        cross join {{ ref("fit_parts") }} as parts
        left join {{ ref("fit_counts") }} as counts on counts.partner = partners.partner and counts.part = parts.part
    )

select
    every_part.partner,
    every_part.part,
    every_part.position,
    round(every_part.max_points * coalesce(every_part.share, 0), 1) as points,
    every_part.max_points,
    every_part.is_known,
    every_part.share,
    every_part.reached,
    every_part.full_at,
    every_part.label_key,
    every_part.basis_key,
    replace(
        replace(run_texts.text, '{reached}', coalesce(format('{:,}', every_part.reached), '')),
        '{full_at}',
        coalesce(format('{:,}', every_part.full_at), '')
    ) as detail
from every_part
inner join {{ ref("run_texts") }} as run_texts on run_texts.key = every_part.basis_key
