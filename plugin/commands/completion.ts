import { command } from './command.ts';

/** The scripts ask the program `kubectl_complete-airgap`, as kubectl itself does for plugins. */
const scripts = {
  bash: String.raw`_kubectl_airgap() {
  local IFS=$'\n' line directive
  local answer=($(kubectl_complete-airgap "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  COMPREPLY=()
  (( ${'$'}{#answer[@]} )) || return
  directive=${'$'}{answer[-1]#:}
  unset 'answer[-1]'
  for line in "${'$'}{answer[@]}"; do COMPREPLY+=("${'$'}{line%%$'\t'*}"); done
  case $directive in
    0) compopt -o default ;;
    16) compopt -o dirnames ;;
  esac
}
complete -F _kubectl_airgap kubectl-airgap
`,
  zsh: String.raw`#compdef kubectl-airgap
_kubectl_airgap() {
  local -a answer candidates
  local line value directive
  answer=("${'$'}{(@f)$(kubectl_complete-airgap "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}")
  directive=${'$'}{answer[-1]#:}
  for line in "${'$'}{(@)answer[1,-2]}"; do
    value=${'$'}{line%%$'\t'*}
    line=${'$'}{line/$'\t'/:}
    candidates+=("${'$'}{value//:/\\:}${'$'}{line#$value}")
  done
  if (( ${'$'}{#candidates} )); then _describe kubectl-airgap candidates
  elif [[ $directive == 0 ]]; then _files
  elif [[ $directive == 16 ]]; then _files -/
  fi
}
compdef _kubectl_airgap kubectl-airgap
`,
  fish: String.raw`function __kubectl_airgap_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answer (kubectl_complete-airgap $words[2..-1] 2>/dev/null)
  set -q answer[1]; or return
  switch $answer[-1]
    case :0
      __fish_complete_path (commandline -ct)
    case :16
      __fish_complete_directories (commandline -ct)
    case '*'
      printf '%s\n' $answer[1..-2]
  end
end
complete -c kubectl-airgap -f -a '(__kubectl_airgap_complete)'
`,
} as const;

export const completion = command({
  name: 'completion',
  describe: 'Print a script that completes commands, flags and values in a shell',
  details: [
    'After "kubectl airgap" nothing needs to be loaded: kubectl completes plugins by itself when the program kubectl_complete-airgap is on the PATH. The scripts are for the command kubectl-airgap, and they ask the same program.',
  ],
  examples: [
    ['In this bash', 'source <(kubectl airgap completion bash)'],
    ['In every zsh', 'kubectl airgap completion zsh > "${fpath[1]}/_kubectl-airgap"'],
    ['In every fish', 'kubectl airgap completion fish > ~/.config/fish/completions/kubectl-airgap.fish'],
  ],
  operand: {
    name: 'shell',
    describe: 'whose script',
    many: false,
    required: true,
    choices: ['bash', 'zsh', 'fish'],
  },
  flags: {},
  run: async ({ operands: [shell] }, io) => {
    io.print(scripts[shell as keyof typeof scripts]);
    return 0;
  },
});
