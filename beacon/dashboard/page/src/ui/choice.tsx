// A menu beside the tabs of a panel.

interface Props {
  label: string;
  value: string;
  /** Values with their names. */
  options: (readonly [string, string])[];
  onChoose: (value: string) => void;
}

export function Choice({ label, value, options, onChoose }: Props) {
  return (
    <label class="compact-field">
      <span class="visually-hidden">{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
