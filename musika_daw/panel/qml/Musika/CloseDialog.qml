// A take is being recorded: it is finished before the window closes, or goes on.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: dialog
    signal leave
    modal: true
    anchors.centerIn: parent
    padding: 20
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }
    contentItem: ColumnLayout {
        spacing: Theme.padding
        Text { text: qsTr("A take is being recorded"); color: Theme.text; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
        Text { text: qsTr("Closing the window ends it here; it is kept."); color: Theme.text; font.pixelSize: Theme.normal; wrapMode: Text.Wrap; Layout.maximumWidth: 420 }
        RowLayout {
            Item { Layout.fillWidth: true }
            Button { text: qsTr("Go on recording"); tint: Theme.accent; ink: Theme.ground; onClicked: dialog.close() }
            Button { text: qsTr("End the take and close"); tint: Theme.line; onClicked: { dialog.close(); dialog.leave(); } }
        }
    }
}
